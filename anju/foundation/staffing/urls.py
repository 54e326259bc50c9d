"""Addresses of sign-in and account."""

from django.urls import path

from anju.foundation.staffing.pages import account, people, setup, sign_in

app_name = "staffing"
urlpatterns = [
    path("setup", setup.setup, name="setup"),
    path("system/staff", people.people, name="people"),
    path("system/staff/new", people.person_new, name="person-new"),
    path("system/staff/<int:staff_id>", people.person, name="person"),
    path("system/staff/<int:staff_id>/freeze", people.freeze, name="freeze"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.code, name="code"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("join/<str:token>", sign_in.join, name="join"),
    path("account/totp", account.second_factor, name="totp"),
    path("account/password", account.password, name="password"),
    path("account/organizations", sign_in.organizations, name="organizations"),
    path("account/organizations/move", sign_in.move, name="move"),
]
