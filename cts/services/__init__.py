"""What people may do: each function takes the actor first and checks before it reads or writes."""
