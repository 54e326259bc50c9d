"""Rights over complaints. Who may take which step is the flow's matter."""

from anju.foundation.access import permission

VIEW = permission(
    "complaints.complaint.view", zh="查看客诉", en="See complaints", roles=("manager", "service", "finance")
)
FILE = permission(
    "complaints.complaint.file", zh="投诉、登记客诉", en="File a complaint", roles=("manager", "service", "tenant")
)
