"""Méthode et sources: where does this figure come from?"""

from observatory.ui import frame, methode_desk

page = frame.open_page("indicateur", "rubrique")
if page.projection:
    methode_desk.show_projected()
else:
    methode_desk.show_desk()
