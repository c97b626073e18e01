"""The demo's countries and public numbers in other languages: first texts, each awaiting a native reader."""

from modeltranslation.utils import build_localized_fieldname

# Country code -> language -> name.
COUNTRIES = {
    "LR": {
        "fr": "Liberia", "es": "Liberia", "pt": "Libéria", "pt-br": "Libéria", "ar": "ليبيريا", "ht": "Liberya",
        "rw": "Liberiya", "wo": "Liberiya", "bn": "লাইবেরিয়া", "id": "Liberia", "th": "ไลบีเรีย", "mg": "Liberia",
        "ny": "Liberia", "sw": "Liberia",
    },
    "HT": {
        "fr": "Haïti", "es": "Haití", "pt": "Haiti", "pt-br": "Haiti", "ar": "هايتي", "ht": "Ayiti", "rw": "Hayiti",
        "wo": "Ayti", "bn": "হাইতি", "id": "Haiti", "th": "เฮติ", "mg": "Haiti", "ny": "Haiti", "sw": "Haiti",
    },
    "MW": {
        "fr": "Malawi", "es": "Malaui", "pt": "Maláui", "pt-br": "Malaui", "ar": "ملاوي", "ht": "Malawi",
        "rw": "Malawi", "wo": "Malawi", "bn": "মালাউই", "id": "Malawi", "th": "มาลาวี", "mg": "Malawi",
        "ny": "Malawi", "sw": "Malawi",
    },
    "MZ": {
        "fr": "Mozambique", "es": "Mozambique", "pt": "Moçambique", "pt-br": "Moçambique", "ar": "موزمبيق",
        "ht": "Mozanbik", "rw": "Mozambike", "wo": "Mosàmbig", "bn": "মোজাম্বিক", "id": "Mozambik",
        "th": "โมซัมบิก", "mg": "Mozambika", "ny": "Mozambique", "sw": "Msumbiji",
    },
    "MG": {
        "fr": "Madagascar", "es": "Madagascar", "pt": "Madagáscar", "pt-br": "Madagascar", "ar": "مدغشقر",
        "ht": "Madagaska", "rw": "Madagasikari", "wo": "Madagaskaar", "bn": "মাদাগাস্কার", "id": "Madagaskar",
        "th": "มาดากัสการ์", "mg": "Madagasikara", "ny": "Madagascar", "sw": "Madagaska",
    },
    "BD": {
        "fr": "Bangladesh", "es": "Bangladés", "pt": "Bangladesh", "pt-br": "Bangladesh", "ar": "بنغلاديش",
        "ht": "Bangladèch", "rw": "Bangaladeshi", "wo": "Bengalades", "bn": "বাংলাদেশ", "id": "Bangladesh",
        "th": "บังกลาเทศ", "mg": "Bangladesy", "ny": "Bangladesh", "sw": "Bangladeshi",
    },
    "TN": {
        "fr": "Tunisie", "es": "Túnez", "pt": "Tunísia", "pt-br": "Tunísia", "ar": "تونس", "ht": "Tinizi",
        "rw": "Tuniziya", "wo": "Tinisi", "bn": "তিউনিসিয়া", "id": "Tunisia", "th": "ตูนิเซีย", "mg": "Tonizia",
        "ny": "Tunisia", "sw": "Tunisia",
    },
}  # fmt: skip

# Country code -> language -> what its regions are called.
REGIONS = {
    "LR": {"fr": "Comté", "ar": "مقاطعة", "rw": "Intara", "th": "เทศมณฑล"},
    "HT": {"fr": "Département", "ht": "Depatman"},
    "MW": {"fr": "District", "ny": "Boma"},
    "MZ": {"pt": "Província", "pt-br": "Província", "fr": "Province"},
    "MG": {"fr": "Région", "mg": "Faritra"},
    "BD": {"bn": "জেলা", "fr": "District"},
    "TN": {"ar": "ولاية", "fr": "Gouvernorat"},
}

# Words of the public numbers -> language -> the same words.
NUMBERS = {
    "Trafficking committee line": {"fr": "Ligne du comité contre la traite", "ht": "Liy komite kont trafik moun"},
    "Hotline": {"ar": "خط المساعدة", "fr": "Ligne d’aide", "mg": "Laharana fanampiana", "ny": "Foni ya chithandizo"},
    "Child helpline": {"pt": "Linha da criança", "fr": "Ligne d'aide aux enfants"},
    "Linha Verde": {"pt": "Linha Verde"},
    "Probash Bondhu": {"bn": "প্রবাস বন্ধু"},
    "Emergency": {"bn": "জরুরি সেবা"},
    "Police": {"ar": "الشرطة", "fr": "Police", "ht": "Lapolis", "mg": "Polisy", "ny": "Apolisi", "pt": "Polícia"},
    "All day": {
        "fr": "Jour et nuit",
        "es": "Día y noche",
        "pt": "Dia e noite",
        "pt-br": "Dia e noite",
        "ar": "ليلًا ونهارًا",
        "ht": "Lajounen kou lannwit",
        "rw": "Amanywa n'ijoro",
        "wo": "Bëccëg ak guddi",
        "bn": "দিনরাত",
        "id": "Siang dan malam",
        "th": "ทั้งวันทั้งคืน",
        "mg": "Andro aman'alina",
        "ny": "Usana ndi usiku",
        "sw": "Mchana na usiku",
    },
    "Referral desk (example)": {
        "fr": "Service d’orientation (exemple)",
        "ar": "مكتب الإحالة (مثال)",
        "ht": "Biwo oryantasyon (egzanp)",
    },
    "6:00 to 21:00": {"pt": "Das 6:00 às 21:00"},
}


def of_country(code: str) -> dict[str, str]:
    """Return the columns of a country in other languages: names of places are kept with the row, not in the desk."""
    names = {build_localized_fieldname("name", language): name for language, name in COUNTRIES[code].items()}
    regions = {build_localized_fieldname("area_word", language): word for language, word in REGIONS[code].items()}
    return names | regions


def of_number(name: str, hours: str) -> dict[str, dict[str, str]]:
    """Return the texts of a public number by language and path; empty where this file has none."""
    texts: dict[str, dict[str, str]] = {}
    for path, words in (("name", name), ("hours", hours)):
        for language, text in NUMBERS.get(words, {}).items():
            texts.setdefault(language, {})[path] = text
    return texts
