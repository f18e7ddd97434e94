"""Croisement: is the cross-matching of the five databases reliable?"""

from observatory.ui import croisement_page, frame

page = frame.open_page(*croisement_page.ADDRESS)
croisement_page.show_banner(page.observatory, projection=page.projection)
if page.projection:
    croisement_page.show_projected()
else:
    croisement_page.show_desk()
