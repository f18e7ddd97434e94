"""Comparer: in what do these basins differ, from each other and from the region?"""

from observatory.ui import comparer_page, frame

page = frame.open_page(*comparer_page.ADDRESS)
if page.projection:
    comparer_page.show_projected()
else:
    comparer_page.show_desk()
