"""The single door to a publishable table (method, section 6). Filled by the cross-matching of the five
databases; until then the observatory publishes open figures only, already protected by their producers.
"""
