"""Why a file or a cell cannot be read: stable codes, sentences a person can act on."""

from __future__ import annotations

from anju.kit.refusal import sentence

EMPTY = sentence("import.empty", "这个文件里没有数据，请选择有表头和内容的表格。", "The file holds no data.")
TOO_BIG = sentence(
    "import.too_big",
    "文件 {size} MB，超过 {limit} MB。请按楼栋或年份拆成几份再上传。",
    "The file has {size} MB, more than {limit} MB. Split it and upload the parts.",
)
TOO_MANY_ROWS = sentence(
    "import.too_many_rows",
    "表格超过 {limit} 行，请拆成几份再上传。",
    "The table has more than {limit} rows. Split it and upload the parts.",
)
BOMB = sentence(
    "import.zip_bomb",
    "这个文件解压后大得不正常，为了安全没有打开。请用 Excel 打开原表，另存一份再上传。",
    "The file unpacks to an abnormal size and was not opened. Save a fresh copy from Excel and upload that.",
)
PASSWORD = sentence(
    "import.password",
    "这个文件设了打开密码。请在 Excel 中取消密码、另存一份再上传。",
    "The file is protected by a password. Remove it in Excel, save a copy and upload that.",
)
NOT_A_TABLE = sentence(
    "import.not_a_table",
    "这是{what}，不是表格。请上传 xlsx、xls、ods、csv 或 tsv。",
    "This is {what}, not a table. Upload xlsx, xls, ods, csv or tsv.",
)
HTML = sentence(
    "import.html",
    "这个文件其实是网页。请用 Excel 打开，“另存为”xlsx 再上传。",
    "The file is in fact a web page. Open it in Excel, save it as xlsx and upload that.",
)
BROKEN = sentence(
    "import.broken",
    "文件已损坏，读不出来。请用 Excel 打开修复、另存一份再上传。",
    "The file is damaged. Open it in Excel, repair it, save a copy and upload that.",
)
ENCODING = sentence(
    "import.encoding",
    "认不出这个文本文件的编码。请用 Excel 打开，“另存为”xlsx 再上传。",
    "The text's encoding is unknown. Save it as xlsx and upload that.",
)
MOJIBAKE = sentence(
    "import.mojibake",
    "文件里的汉字在之前保存时已变成乱码，恢复不了。请回到原来的文件重新导出。",
    "The Chinese text was garbled when the file was saved earlier. Export it again from the original.",
)
NO_HEADER = sentence(
    "import.no_header",
    "找不到表头。请确认有一行写着各列的名称，例如“房号、租客、电话、租金”。",
    "No header row was found. One row must name the columns.",
)
NO_SHEET = sentence("import.no_sheet", "找不到这张工作表，请重新选择。", "That sheet was not found.")

# Cells. ``field`` is the column's title; values are never repeated, they may be personal.
DATE = sentence(
    "import.cell.date",
    "{field}：认不出这个日期，请写成 2025-03-01。",
    "{field}: not a date we can read; write 2025-03-01.",
)
DATE_NO_DAY = sentence("import.cell.date_no_day", "{field}：只有年月，请补上日。", "{field}: the day is missing.")
DATE_NO_YEAR = sentence("import.cell.date_no_year", "{field}：没有年份，请补上年份。", "{field}: the year is missing.")
DATE_AMBIGUOUS = sentence(
    "import.cell.date_ambiguous",
    "{field}：分不清哪个是月、哪个是日，请写成 2025-03-01。",
    "{field}: month and day cannot be told apart; write 2025-03-01.",
)
DATE_ORDER = sentence(
    "import.cell.date_order", "{field}：结束早于开始，请核对。", "{field}: the end is before the start."
)
TIME = sentence(
    "import.cell.time",
    "{field}：认不出这个时间，请写成 2025-03-01 14:30。",
    "{field}: not a time we can read; write 2025-03-01 14:30.",
)
MONEY = sentence("import.cell.money", "{field}：认不出这个金额，请只写数字。", "{field}: not an amount we can read.")
MONEY_PER = sentence(
    "import.cell.money_per",
    "{field}：这是按{per}的价格，请换算成月租。",
    "{field}: this price is per {per}; write the price per month.",
)
MONEY_TWO = sentence(
    "import.cell.money_two", "{field}：一格里有两个金额，请留一个。", "{field}: two amounts in one cell."
)
NUMBER = sentence("import.cell.number", "{field}：这里要填数字。", "{field}: a number is needed.")
RANGE = sentence(
    "import.cell.range",
    "{field}：数值不合理，应在 {low} 到 {high} 之间。",
    "{field}: must be between {low} and {high}.",
)
PHONE = sentence("import.cell.phone", "{field}：不是有效的电话号码，请核对位数。", "{field}: not a valid phone number.")
DAMAGED = sentence(
    "import.cell.damaged",
    "{field}：号码被 Excel 改成了科学计数法，后几位已丢失。请把该列设为“文本”后重新填写。",
    "{field}: Excel turned the number into scientific notation and lost its last digits; format the column as text.",
)
ID_NUMBER = sentence(
    "import.cell.id_number", "{field}：证件号位数或校验位不对，请核对。", "{field}: wrong length or check digit."
)
ROOM = sentence(
    "import.cell.room", "{field}：认不出房号，请写成 3-1-1208 或 A1203。", "{field}: not a room number we can read."
)
ROOM_DATE = sentence(
    "import.cell.room_date",
    "{field}：房号被 Excel 改成了日期。请把该列设为“文本”后重新填写。",
    "{field}: Excel turned the room number into a date; format the column as text.",
)
PAY_TERMS = sentence(
    "import.cell.pay_terms",
    "{field}：认不出付款方式，请写成“押一付三”。",
    "{field}: not payment terms we can read; write 押一付三.",
)
TERM = sentence(
    "import.cell.term", "{field}：认不出租期，请写成“12个月”。", "{field}: not a term we can read; write 12个月."
)
REQUIRED = sentence("import.cell.required", "缺少{field}。", "{field} is missing.")
TOO_LONG = sentence("import.cell.too_long", "{field}：超过 {limit} 个字。", "{field}: longer than {limit} characters.")
FORMULA = sentence(
    "import.cell.formula",
    "{field}：看起来是公式，不是内容。请改成文字。",
    "{field}: looks like a formula; write plain text.",
)
CELL_ERROR = sentence(
    "import.cell.error", "{field}：Excel 公式出错，请改正后再传。", "{field}: an Excel formula error."
)
CHOICE = sentence("import.cell.choice", "{field}：认不出这个写法。", "{field}: not one of the known words.")
