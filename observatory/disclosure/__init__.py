"""The single door to a publishable table (method, section 6).

``suppression.protect`` turns the raw counts of one edition of a campaign into what may be shown;
``attack.attack`` then tries, on its own, to undo it. ``ladder`` holds the settings, ``relations`` what
everybody knows of the tables. Raw counts enter here and nowhere after.
"""
