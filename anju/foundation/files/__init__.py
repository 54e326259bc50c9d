"""Files, encrypted at rest: what they are for is declared, who may open them is asked every time.

    CONTRACT = purpose("lease.contract", zh="合同文本", en="Contract", media=(PDF,), may_open=can_open_contract)

    store(act, stream, name="合同.pdf", purpose="lease.contract", owner=("lease", 7))
    opened = open_file(by, file_id)             # opened.stream, opened.media_type, opened.name
    href = link(by, file_id)                    # signed, for this viewer, ten minutes

Functions live in :mod:`anju.foundation.files.store`, :mod:`~.purposes` and :mod:`~.links`.
"""
