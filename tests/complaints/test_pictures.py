"""Pictures that come with a complaint: of the phone and of the call, seen by whom it concerns."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.domain.complaints.models import Complaint
from anju.foundation.files.links import link
from anju.foundation.files.models import StoredFile
from anju.foundation.flows.files import MOST_FROM_TENANT, may_open, shots
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from tests.complaints.test_complaints import ABOVE, ROOM
from tests.flows.house import hire
from tests.staff import signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_pages import phone
from tests.workorders.test_pictures import GPS, jpeg, seen


def pictures(n: int = 1) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"wall-{i}.jpg", jpeg()) for i in range(n)]


def complained(block: Block, photos: list[SimpleUploadedFile]) -> Complaint:
    """What the tenant of 1208 sends from the phone."""
    form = {"lease": block.lease(ROOM).id, "cause": "neighbour", "said": "楼上漏水，墙都湿了", "photos": photos}
    assert phone(block).post("/p/complaints/new", form).status_code == 302
    return Complaint.objects.get()


@pytest.mark.req("W-12")
def test_a_tenant_shows_what_it_looks_like_and_sees_it_again(block: Block, agent: Actor) -> None:
    made = complained(block, pictures(2))
    page = text(phone(block), f"/p/complaints/{made.id}")
    assert page.count("<img") == 2
    assert "提交" in page[page.index("<img") :]
    desk = signed_in("service", name="郭建军")
    assert text(desk, f"/cases/{made.case_id}").count("<figcaption>") == 2
    assert Complaint.objects.get().case.photos == 2


@pytest.mark.req("W-12")
def test_where_it_was_taken_is_for_staff_alone(block: Block) -> None:
    complained(block, pictures())
    _media, picture = seen(phone(block), block.tenant(ROOM))
    assert dict(picture.getexif()) == {}
    desk = signed_in("service")
    _media, picture = seen(desk, Actor.staff(Staff.objects.get(name="林晓").id))
    assert picture.getexif().get_ifd(GPS)[1] == "N"


def test_who_may_not_read_a_complaint_does_not_see_its_pictures(block: Block, agent: Actor) -> None:
    made = complained(block, pictures())
    file, mender = StoredFile.objects.get(), hire("maintenance", name="赵永康")
    assert [may_open(by, file) for by in (block.tenant(ROOM), agent)] == [True, True]
    assert [may_open(by, file) for by in (block.tenant(ABOVE), mender)] == [False, False]
    assert shots(mender, made.case_id) == []
    desk = signed_in("maintenance", name="何志斌")
    assert "<figcaption>" not in text(desk, f"/cases/{made.case_id}")
    assert desk.get(link(Actor.staff(Staff.objects.get(name="何志斌").id), file.id)).status_code == 404


def test_no_more_come_than_with_a_repair_and_nothing_that_is_no_picture(block: Block) -> None:
    form = {"lease": block.lease(ROOM).id, "cause": "fee", "said": "水费多收了"}
    client = phone(block)
    wrong = client.post("/p/complaints/new", {**form, "photos": [SimpleUploadedFile("bill.jpg", b"%PDF-1.7\n")]})
    assert wrong.status_code == 422
    assert "不能作为现场照片或短视频上传" in wrong.content.decode()
    assert "水费多收了" in wrong.content.decode()
    assert (Complaint.objects.count(), StoredFile.objects.count()) == (0, 0)
    complained(block, pictures(MOST_FROM_TENANT + 1))
    assert StoredFile.objects.count() == MOST_FROM_TENANT


@pytest.mark.req("W-12")
def test_what_a_caller_sent_is_kept_with_the_call(block: Block) -> None:
    desk = signed_in("service", name="郭建军")
    assert 'type="file"' in text(desk, "/complaints/new")
    form = {"room": block.lease(ROOM).number, "cause": "staff", "said": "管家不回消息", "source": "phone"}
    sent = desk.post("/complaints/new", {**form, "photos": pictures()})
    assert text(desk, sent.headers["Location"]).count("<figcaption>") == 1
    assert text(phone(block), f"/p/complaints/{Complaint.objects.get().id}").count("<img") == 1


@pytest.mark.req("W-12")
def test_a_complaint_sent_again_brings_its_new_picture_to_the_first(block: Block) -> None:
    made = complained(block, pictures())
    form = {"lease": block.lease(ROOM).id, "cause": "neighbour", "said": "楼上漏水，墙都湿了"}
    new = [SimpleUploadedFile("wall.jpg", jpeg((80, 60))), *pictures()]
    page = phone(block).post("/p/complaints/new", {**form, "photos": new}, follow=True).content.decode()
    assert "您刚投诉过这件事，新照片已加进去" in page
    assert page.count("<img") == 2
    assert Complaint.objects.get().id == made.id
