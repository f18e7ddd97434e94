"""Fiche de bassin: what must be known of this basin before the meeting?"""

from observatory.ui import basin_sheet, frame

page = frame.open_page("bassin")
if page.projection:
    basin_sheet.show_projected()
else:
    basin_sheet.show_desk()
