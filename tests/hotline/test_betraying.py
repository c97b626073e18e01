"""What a free text to a person may not say, in every language of the product, and what it may."""

import tomllib

import pytest

from hotline import betraying
from hotline.actions.prompts import FOLDER
from languages import table
from languages.exchange import texts_of

# Language: what is refused, and what is let through though it looks like it.
PAIRS = {
    "en": (
        ["About TRAFFICKING", "Call the hotline", "The policeman knows", "Are you a victim?", "a safe-house for you", "they exploit you"],
        ["The traffic is bad, call after lunch", "He is polite and grateful", "I hope that you and the child are well"],
    ),
    "fr": (
        ["Traite des êtres humains", "la POLICE vient", "le foyer d’accueil", "victimes", "l’exploitation", "travail forcé"],
        ["Traitez bien votre rhume", "Nous serons polis et à l’heure en avril", "Le foyer est chaud, la ligne est libre"],
    ),
    "es": (
        ["la trata de personas", "la Policía", "una víctima", "el albergue", "explotación", "línea de ayuda"],
        ["Se trata de su cita", "Traiga un abrigo en abril", "Es una persona muy educada"],
    ),
    "pt": (
        ["tráfico de pessoas", "a polícia", "vítimas", "casa-abrigo", "a exploração", "linha de apoio"],
        ["Trata da consulta de amanhã", "Abri a porta em abril", "O trânsito está mau, ligue depois"],
    ),
    "pt-br": (
        ["Disque Denúncia", "a delegacia", "exploração", "trabalho escravo"],
        ["Pode ligar quando quiser", "O trânsito está ruim, ligue depois", "Você esqueceu o abridor"],
    ),
    "ar": (
        ["الاتجار بالبشر", "وبالشرطة", "للشُّرطة", "ضحايا", "الخط الساخن", "مركز الإيواء", "العمل القسري"],
        ["المتجر مفتوح غدا", "الماء ساخن", "شرط واحد فقط", "يمكنكم الاتصال بنا مساء"],
    ),
    "ht": (
        ["trafik moun", "Lapolis ap vini", "yon viktim", "liy èd la", "eksplwatasyon", "yon abri"],
        ["Gen anpil trafik nan lari a", "Rele nou lè ou vle", "Abitid la bon"],
    ),
    "rw": (
        ["icuruzwa ry’abantu", "abapolisi", "umurongo w’ubufasha", "ihohoterwa", "imirimo y’agahato", "ubucakara"],
        ["Ushobora kuduhamagara", "Umurongo uracyariho", "Icyumba kirimo ubusa"],
    ),
    "wo": (
        ["njaay nit", "pólis bi", "telefonu ndimbal", "fitna", "alkaati yi"],
        ["Mën nga nu woo ba noppi", "Jàmm rekk", "Telefon bi mu ngi fi"],
    ),
    "bn": (
        ["মানব পাচার", "পুলিশকে বলুন", "হটলাইনে", "ভুক্তভোগী", "আশ্রয়কেন্দ্রে", "শোষণের"],
        ["আমাদের ফোন করতে পারেন", "আগামীকাল দোকান খোলা", "আপনার খবর কী"],
    ),
    "id": (
        ["perdagangan orang", "kepolisian", "korbannya", "saluran bantuan", "dieksploitasi", "kerja paksa", "rumah aman"],
        ["Selamat pagi, silakan telepon kami", "Toko buka besok", "Rumah kami dekat pasar"],
    ),
    "th": (
        ["การค้ามนุษย์", "สถานีตำรวจ", "โทรสายด่วนนะคะ", "ผู้เสียหาย", "ที่พักพิง", "แรงงานบังคับ"],
        ["โทรหาเราได้", "พรุ่งนี้ทาสีบ้าน", "ร้านค้าเปิดพรุ่งนี้"],
    ),
    "mg": (
        ["fanondranana olona an-tsokosoko", "ny polisy", "laharana fanampiana", "herisetra", "fanararaotana", "andevo"],
        ["Afaka miantso anay ianao", "Misokatra rahampitso ny tsena", "Araraoty ny fotoana"],
    ),
    "ny": (
        ["kuzembetsa anthu", "apolisi", "foni ya chithandizo", "nkhanza", "ukapolo", "wozembetsedwa"],
        ["Mutha kutiimbira foni", "Tigwirire ntchito limodzi", "Msika watsegulidwa mawa"],
    ),
    "sw": (
        ["usafirishaji haramu", "wapolisi", "simu ya msaada", "waathirika", "unyonyaji", "kazi ya kulazimishwa"],
        ["Unaweza kutupigia simu", "Nilitumwa sokoni", "Safari njema, duka litafunguliwa kesho"],
    ),
}  # fmt: skip
# What the line itself says that names the matter: to a caller who is asked, to a service that is rung.
SAYS_IT = {"prompt question_send_police", "prompt police_number", "prompt agency_whisper"}


def of_pairs(which):
    return [(code, text) for code, pair in PAIRS.items() for text in pair[which]]


@pytest.mark.parametrize(("code", "text"), of_pairs(0))
def test_words_that_say_what_the_line_is_for_are_found_in_every_language(code, text):
    assert betraying.says_matter(text), code
    assert betraying.says_matter(f"({text.upper()})"), code
    assert betraying.says_matter(f"1. {text}!"), code


@pytest.mark.parametrize(("code", "text"), of_pairs(1))
def test_everyday_words_that_look_like_them_are_let_through(code, text):
    assert not betraying.says_matter(text), code


def test_each_language_has_words_and_says_that_they_await_a_native_reader():
    rows = tomllib.loads(betraying.WORDS.read_text(encoding="utf-8"))

    assert set(rows) == set(table.CODES) == set(PAIRS)
    assert all(row["words"] for row in rows.values())
    assert {row["review"] for code, row in rows.items() if code != "en"} == {"awaiting native review"}


@pytest.mark.parametrize("code", table.CODES)
def test_of_what_the_line_says_and_writes_only_what_names_the_police_or_itself_is_found(code):
    source = tomllib.loads((FOLDER / "prompts.toml").read_text(encoding="utf-8"))
    said = {f"{kind[:-1]} {one['key']}": one["text"] for kind in ("prompts", "texts") for one in source[kind]}
    if code != "en":
        path = FOLDER / f"{table.BY_CODE[code].folder}.po"
        said = {context: words for context, (_source, words) in texts_of(path.read_text(encoding="utf-8")).items()}

    assert {context for context, words in said.items() if betraying.says_matter(words)} == SAYS_IT


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Go to harbour house now", True),
        ("GO TO HARBOUR-HOUSE", True),
        ("the harbour is a house", False),
        ("Harbour Houses", False),
        ("see you in Gbarnga", True),
        ("Allez à Évry", True),
        ("the man is here", False),
        ("اذهبوا إلى بمنروفيا", True),
        ("Dhaka", False),
    ],
)
def test_names_are_found_as_a_whole_and_short_ones_not_at_all(text, is_found):
    names = ["Harbour House (example)", "Gbarnga", "Evry", "Man", "", "2883", "منروفيا"]

    assert betraying.names_one(text, names) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("See https://example.org", True),
        ("write to ann@example.org", True),
        ("look at fanal.org", True),
        ("www.example", True),
        ("Come at 10.30. We wait.", False),
        ("Well.Good", False),
        ("2 @ 5", False),
    ],
)
def test_web_and_mail_addresses_are_found(text, is_found):
    assert betraying.has_address(text) is is_found
