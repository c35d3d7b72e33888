"""What each AWS service does that moto does not, one module a service; see `luneo_sandbox.patching`."""
