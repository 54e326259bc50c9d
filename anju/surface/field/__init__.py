"""The technician's phone: today's round, one order, everything also without a signal.

What is done without a signal waits in the phone (``static/field/queue.js``) and is sent in order, each entry once
(``sent.py``); pages and pictures seen before stay readable (``static/field/worker.js``).
"""
