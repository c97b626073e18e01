// Shows only the offices of the country chosen. Without JavaScript every office stands under the name of its country.
const country = document.querySelector("#id_country");
const office = document.querySelector("#id_office");
if (country && office) {
  const none = office.querySelector("option[value='']");
  const groups = [...office.querySelectorAll("optgroup")];
  const narrow = () => {
    const chosen = office.value;
    const fits = (group) => !country.value || group.querySelector("option").dataset.country === country.value;
    office.replaceChildren(none, ...groups.filter(fits));
    office.value = chosen;
    if (office.selectedIndex < 0) office.selectedIndex = 0;
  };
  country.addEventListener("change", narrow);
  narrow();
}
