/* When the server is away for four seconds a page that renews itself says so; the next answer takes it back. What was
   pressed in a call and failed by a fault of ours did nothing: that is said until the next press is done. */
(() => {
  "use strict";
  const line = document.getElementById("away");
  if (!line) return;
  let lostAt = 0;
  const lost = () => {
    lostAt = lostAt || Date.now();
    if (Date.now() - lostAt >= 4000) line.hidden = false;
  };
  for (const name of ["sendError", "timeout", "responseError"]) document.body.addEventListener(`htmx:${name}`, lost);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    lostAt = 0;
    line.hidden = true;
  });
  const failed = document.getElementById("act-failed");
  const isPress = ({ requestConfig, pathInfo }) => requestConfig.verb === "post" && pathInfo.requestPath.includes("/call/");
  if (failed) document.body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    if (isPress(event.detail) && (successful || [500, 503].includes(xhr.status))) failed.hidden = successful;
  });
})();
