"""What a complaint is called as it is written down, whoever's language the page is in."""

FROM_HOTLINE = "12345 "
TITLES = {
    "repair": "维修投诉", "fee": "费用投诉", "deposit": "押金投诉", "neighbour": "邻里投诉", "staff": "服务投诉",
    "safety": "安全投诉", "other": "其他投诉",
}  # fmt: skip
