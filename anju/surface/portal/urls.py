"""The portal's addresses."""

from __future__ import annotations

from django.urls import include, path

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
own = [
    path("", home.home, name="home"),
    path("type", shell.large_type, name="large-type"),
    path("language", shell.language, name="language"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("choose", sign_in.choose, name="choose"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("bills/<int:bill_id>", pay.bill, name="bill"),
    path("leases/<int:lease_id>", lease.lease, name="lease"),
    path("leases/<int:lease_id>/pay", pay.everything, name="pay"),
    path("leases/<int:lease_id>/ahead", pay.ahead, name="ahead"),
    path("leases/<int:lease_id>/bills", pay.bills, name="bills"),
    path("leases/<int:lease_id>/statement", lease.account, name="statement"),
    path("leases/<int:lease_id>/order", orders.latest, name="latest-order"),
    path("orders/<str:number>", orders.order, name="order"),
    path("receipts/<int:payment_id>", orders.receipt, name="receipt"),
    path("receipts/<int:payment_id>.pdf", orders.receipt_file, name="receipt-file"),
    path("repairs", repairs.repairs, name="repairs"),
    path("repairs/new", repairs.new, name="repair-new"),
    path("repairs/hint", repairs.hint, name="repair-hint"),
    path("repairs/<int:order_id>", repairs.repair, name="repair"),
    path("repairs/<int:order_id>/call", repairs.call, name="repair-call"),
    path("repairs/<int:order_id>/visit", repairs.visit, name="repair-visit"),
    path("repairs/<int:order_id>/<slug:what>", repairs.answer, name="repair-answer"),
    path("complaints", complaints.complaints, name="complaints"),
    path("complaints/new", complaints.new, name="complaint-new"),
    path("complaints/<int:complaint_id>", complaints.complaint, name="complaint"),
    path("complaints/<int:complaint_id>/<slug:what>", complaints.answer, name="complaint-answer"),
    path("messages", inbox.messages, name="messages"),
    path("data", my_data.my_data, name="my-data"),
    path("data/copy", my_data.copy, name="copy"),
]
urlpatterns = [
    path("p/", include(own)),
    path("q/<str:token>", room_code.scan, name="room-code"),
    path("b/<str:code>", link.link, name="link"),
    path("b/pay/<str:token>", link.link_pay, name="link-pay"),
    path("b/order/<str:token>", link.link_order, name="link-order"),
]
