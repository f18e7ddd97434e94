"""Coopération: who works with whom, how, and what is missing?"""

from observatory.ui import cooperation_desk, frame

page = frame.open_page(*cooperation_desk.PARAMETERS)
if page.projection:
    cooperation_desk.show_projected()
else:
    cooperation_desk.show_desk()
