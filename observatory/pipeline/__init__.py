"""From files to the store: ``python -m observatory.pipeline <step>``.

Shows nothing; refuses a file that breaks its contract, with every problem listed, and changes nothing then.
"""
