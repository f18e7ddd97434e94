from observatory.ui import frame

frame.open_page("bassin")
frame.show_title("comparer")
