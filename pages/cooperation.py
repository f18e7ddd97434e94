"""Coopération: who works with whom, how, and what is missing?"""

from observatory.ui import cooperation_desk, frame

page = frame.open_page("bassin", demonstration=True)
if not page.observatory.has_cooperation:
    cooperation_desk.show_nothing_yet()
elif page.projection:
    cooperation_desk.show_projected()
else:
    cooperation_desk.show_desk()
