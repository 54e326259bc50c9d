"""Events of complaints in words."""

from anju.domain.complaints.permissions import VIEW
from anju.foundation.trace.told import told

told(
    "complaints.complaint.file",
    "投诉 {number}",
    "Complaint {number}",
    icon="message-report",
    tone="warn",
    about="data",
    needs=VIEW,
)
