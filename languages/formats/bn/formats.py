"""How dates and numbers are written in Bengali."""

DATE_FORMAT = "j F, Y"
SHORT_DATE_FORMAT = "j M, Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F, Y, H:i"
SHORT_DATETIME_FORMAT = "j M, Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 6
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
