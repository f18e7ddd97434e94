"""Accueil: where does the region stand?"""

from observatory.ui import accueil_page, frame

page = frame.open_page("bassin")
if page.projection:
    accueil_page.show_projected()
else:
    accueil_page.show_desk()
