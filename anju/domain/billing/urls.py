"""收租."""

from __future__ import annotations

from django.urls import path

from anju.domain.billing.pages import arrears, bills, exports, payments, refunds, runs

app_name = "billing"
urlpatterns = [
    path("rent/arrears", arrears.arrears_list, name="arrears"),
    path("rent/arrears.xlsx", exports.arrears_export, name="arrears-export"),
    path("rent/arrears/<int:lease_id>", arrears.arrears_panel, name="arrears-panel"),
    path("rent/bills", bills.bill_list, name="bills"),
    path("rent/bills.xlsx", exports.bills_export, name="bills-export"),
    path("rent/bills/<int:bill_id>", bills.bill_page, name="bill"),
    path("rent/payments", payments.payment_list, name="payments"),
    path("rent/payments/<int:payment_id>/refund", refunds.refund, name="refund"),
    path("rent/payments.xlsx", exports.payments_export, name="payments-export"),
    path("rent/leases/<int:lease_id>/payment", payments.payment_new, name="payment-new"),
    path("rent/leases/<int:lease_id>/statement", exports.statement_page, name="statement"),
    path("rent/runs", runs.run_list, name="runs"),
    path("rent/runs/<int:run_id>/proof/<int:subject_id>", runs.proof, name="proof"),
]
