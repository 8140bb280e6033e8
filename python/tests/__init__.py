"""Tests of ``dbt_autoexpose`` that need neither dbt nor the program: ``python -m unittest``."""
