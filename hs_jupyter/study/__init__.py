"""The facade: what is asked of a study is answered from the store, from the service, or from both."""

from hs_jupyter.study.facade import Study

__all__ = ["Study"]
