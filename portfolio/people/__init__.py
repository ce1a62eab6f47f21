"""People: their accounts, passwords, second factors and tokens; every change of them is journalled."""
