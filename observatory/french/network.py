"""Words of the picture of the network of structures."""

from __future__ import annotations

GAP = "écart de deux niveaux ou plus : sujet pour la réunion"
HOW_TO_READ = "Le nombre près d’une structure est ce qu’elle dit du lien ; sa moitié de ligne le montre."
HOW_TO_READ_WALL = "Le nombre près d’une structure : ce qu’elle dit du lien."
TO_DISCUSS = "à discuter"
