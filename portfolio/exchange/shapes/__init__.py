"""Tables as offices lay them out: found on their sheet, their columns taken for facts, their rows put into our form."""
