"""What a list of past repairs holds: its number, where, when what happened, what was done, by whom."""

from __future__ import annotations

from anju.surface.imports.mapping.fields import Field

FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        "text",
        "单号",
        "Number",
        "工单号 工单编号 单据编号 报修单号 维修单号 报修编号 工单 流水号 订单号 ticketno ticket orderno workorderno",
        required=True,
        limit=40,
    ),
    Field(
        "project",
        "text",
        "项目",
        "Project",
        "小区 小区名称 项目名称 楼盘 社区 公寓 公寓名称 门店 所属项目 园区 property site",
        downwards=True,
    ),
    Field("city", "text", "城市", "City", "所在城市 市", limit=40, downwards=True),
    Field(
        "building",
        "text",
        "楼栋",
        "Building",
        "栋 楼号 栋号 幢 幢号 座 座号 楼栋号 block tower",
        limit=20,
        downwards=True,
    ),
    Field(
        "room",
        "room",
        "房间",
        "Room",
        "房号 房间号 室号 房源 房源编号 房屋 门牌 门牌号 报修房间 报修房号 报修地址 unit roomno roomnumber unitno",
        required=True,
    ),
    Field(
        "opened",
        "moment",
        "报修时间",
        "Reported",
        "报修日期 上报时间 提交时间 创建时间 申报时间 登记时间 报单时间 发起时间 createdat reportedat opened",
        required=True,
    ),
    Field(
        "said",
        "text",
        "内容",
        "What was said",
        "报修内容 问题描述 故障描述 描述 故障 报修事项 报修项目 事项 问题 维修内容 description problem",
        required=True,
        limit=500,
    ),
    Field("level", "text", "级别", "Class", "优先级 紧急程度 等级 紧急级别 priority urgency", limit=20),
    Field(
        "technician",
        "text",
        "师傅",
        "Technician",
        "维修师傅 维修人 维修员 处理人 接单人 维修人员 工程师 负责人 assignee technician worker",
        limit=40,
    ),
    Field("accepted", "moment", "接单时间", "Accepted", "接单日期 派单时间 受理时间 响应时间 acceptedat"),
    Field("arrived", "moment", "到场时间", "Arrived", "上门时间 到达时间 到场日期 开始维修时间 开始处理时间 arrivedat"),
    Field(
        "finished",
        "moment",
        "完成时间",
        "Finished",
        "完成日期 修好时间 结束时间 完工时间 完工日期 维修完成时间 关闭时间 办结时间 finishedat closedat completedat",
    ),
    Field(
        "result",
        "text",
        "处理结果",
        "What was done",
        "处理情况 维修结果 处理方式 维修情况 处理说明 解决方案 处理内容 result resolution solution",
        limit=500,
    ),
    Field("parts", "text", "材料", "Parts", "使用材料 材料名称 更换配件 配件 用料 耗材 parts materials", limit=200),
    Field("rating", "text", "评分", "Rating", "评价 满意度 星级 评价星级 打分 客户评价 rating score stars", limit=20),
    Field("state", "text", "状态", "State", "工单状态 单据状态 处理状态 进度 status", limit=20),
)
