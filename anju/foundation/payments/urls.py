"""Under ``/pay/``: where gateways report."""

from django.urls import path

from anju.foundation.payments.pages import notify

urlpatterns = [path("notify/<slug:gateway>/<int:org>", notify, name="payment-notify")]
