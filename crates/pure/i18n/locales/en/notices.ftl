## The small messages the house sends by itself

notices-link = The button does nothing? Copy this address into your browser:
notices-why = This message was sent once, because somebody asked { $name } for it.
