"""The portal's addresses."""

from __future__ import annotations

from django.urls import path

from anju.surface.portal import shell
from anju.surface.portal.pages import (
    complaints,
    home,
    inbox,
    lease,
    link,
    my_data,
    orders,
    pay,
    repairs,
    room_code,
    sign_in,
)

app_name = "portal"
urlpatterns = [
    path("p/", home.home, name="home"),
    path("p/type", shell.large_type, name="large-type"),
    path("p/sign-in", sign_in.sign_in, name="sign-in"),
    path("p/choose", sign_in.choose, name="choose"),
    path("p/sign-out", sign_in.sign_out, name="sign-out"),
    path("p/bills/<int:bill_id>", pay.bill, name="bill"),
    path("p/leases/<int:lease_id>", lease.lease, name="lease"),
    path("p/leases/<int:lease_id>/pay", pay.everything, name="pay"),
    path("p/leases/<int:lease_id>/ahead", pay.ahead, name="ahead"),
    path("p/leases/<int:lease_id>/bills", pay.bills, name="bills"),
    path("p/leases/<int:lease_id>/statement", lease.account, name="statement"),
    path("p/leases/<int:lease_id>/order", orders.latest, name="latest-order"),
    path("p/orders/<str:number>", orders.order, name="order"),
    path("p/receipts/<int:payment_id>", orders.receipt, name="receipt"),
    path("p/receipts/<int:payment_id>.pdf", orders.receipt_file, name="receipt-file"),
    path("p/repairs", repairs.repairs, name="repairs"),
    path("p/repairs/new", repairs.new, name="repair-new"),
    path("p/repairs/hint", repairs.hint, name="repair-hint"),
    path("p/repairs/<int:order_id>", repairs.repair, name="repair"),
    path("p/repairs/<int:order_id>/call", repairs.call, name="repair-call"),
    path("p/repairs/<int:order_id>/visit", repairs.visit, name="repair-visit"),
    path("p/repairs/<int:order_id>/<slug:what>", repairs.answer, name="repair-answer"),
    path("p/complaints", complaints.complaints, name="complaints"),
    path("p/complaints/new", complaints.new, name="complaint-new"),
    path("p/complaints/<int:complaint_id>", complaints.complaint, name="complaint"),
    path("p/complaints/<int:complaint_id>/<slug:what>", complaints.answer, name="complaint-answer"),
    path("p/messages", inbox.messages, name="messages"),
    path("p/data", my_data.my_data, name="my-data"),
    path("p/data/copy", my_data.copy, name="copy"),
    path("q/<str:token>", room_code.scan, name="room-code"),
    path("b/<str:code>", link.link, name="link"),
    path("b/pay/<str:token>", link.link_pay, name="link-pay"),
    path("b/order/<str:token>", link.link_order, name="link-order"),
]
