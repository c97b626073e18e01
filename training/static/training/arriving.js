/* Somebody signs in here: whose attendance lists this phone may show is unknown until the server has said who she is. */
document.addEventListener("submit", () => localStorage.removeItem("fanal-holder"));
