"""Walk the line for what came in: take deliveries in, advance cases, send effects, look for what was missed."""
