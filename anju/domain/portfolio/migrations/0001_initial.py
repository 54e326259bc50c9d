import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_extensions")]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("name", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=8)),
                ("city", models.CharField(max_length=40)),
                ("district", models.CharField(blank=True, default="", max_length=40)),
                ("block", models.CharField(blank=True, default="", help_text="板块", max_length=60)),
                ("address", models.CharField(blank=True, default="", max_length=200)),
                ("lon", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("lat", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("position_precision", models.CharField(blank=True, default="", max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("residential", "住宅"),
                            ("apartment", "公寓"),
                            ("dormitory", "宿舍"),
                            ("office", "办公"),
                            ("shared_office", "共享办公"),
                            ("homestay", "民宿"),
                        ],
                        default="apartment",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "db_table": "project",
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("scope_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=20)),
                ("floors", models.SmallIntegerField(null=True)),
                (
                    "project",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="portfolio.project"
                    ),
                ),
            ],
            options={
                "db_table": "building",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("name", models.CharField(max_length=60)),
            ],
            options={
                "db_table": "region",
                "constraints": [models.UniqueConstraint(fields=("org_id", "name"), name="one_region_per_name")],
            },
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "region",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolio.region"
                    ),
                ),
            ],
            options={
                "db_table": "store",
            },
        ),
        migrations.AddField(
            model_name="project",
            name="store",
            field=anju.foundation.db.models.OrgForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="portfolio.store"
            ),
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("scope_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("whole", "整套"),
                            ("room", "房间"),
                            ("bed", "床位"),
                            ("office", "办公室"),
                            ("desk", "工位"),
                        ],
                        default="whole",
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("entrance", models.CharField(blank=True, default="", help_text="单元", max_length=20)),
                ("floor", models.SmallIntegerField(null=True)),
                ("line", models.CharField(blank=True, default="", max_length=20)),
                ("layout", models.CharField(blank=True, default="", help_text="2室1厅1卫", max_length=40)),
                ("bedrooms", models.SmallIntegerField(null=True)),
                ("orientation", models.CharField(blank=True, default="", max_length=20)),
                ("area", models.DecimalField(decimal_places=2, help_text="m²", max_digits=10, null=True)),
                ("guide_rent", models.DecimalField(decimal_places=4, help_text="¥ a month", max_digits=14, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("available", "可租"),
                            ("preparing", "配置中"),
                            ("repair", "维修中"),
                            ("offline", "已下架"),
                        ],
                        default="available",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateField(null=True)),
                ("ready_on", models.DateField(null=True)),
                ("leaf", models.BooleanField(default=True)),
                (
                    "building",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolio.building"
                    ),
                ),
                (
                    "parent",
                    anju.foundation.db.models.OrgForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="portfolio.unit"
                    ),
                ),
            ],
            options={
                "db_table": "unit",
            },
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                fields=("org_id", "project", "code"), name="one_building_per_code_and_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope_id", models.F("project_id"))), name="a_buildings_scope_is_its_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.UniqueConstraint(fields=("org_id", "name"), name="one_store_per_name"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["org_id", "city", "district"], name="project_place_ix"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(fields=("org_id", "city", "name"), name="one_project_per_name_and_city"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                    _connector="OR",
                ),
                name="a_position_is_on_earth_or_absent",
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["org_id", "scope_id", "id"], name="unit_scope_ix"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("org_id", "scope_id", "code"), name="one_unit_per_code_and_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent_id", models.F("id")), _negated=True), name="a_unit_is_not_inside_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("area__isnull", True), ("area__gt", 0), _connector="OR"), name="an_area_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("guide_rent__isnull", True), ("guide_rent__gte", 0), _connector="OR"),
                name="a_guide_rent_is_not_negative",
            ),
        ),
        OrgTable("Region"),
        OrgTable("Store"),
        OrgTable("Project"),
        OrgTable("Building"),
        OrgTable("Unit"),
    ]
