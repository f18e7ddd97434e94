"""Carte des risques: where is the risk highest, and what is known of it?"""

from observatory.ui import frame, risk_map

page = frame.open_page("lecture", "indicateur", "annee", "bassin")
if page.projection:
    risk_map.show_projected()
else:
    risk_map.show_desk()
