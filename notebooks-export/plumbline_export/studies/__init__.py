"""The exporters of the ready studies under `probes`."""
