"""AWS on this machine: moto, and what moto gets wrong or leaves out, behind one port on 127.0.0.1."""
