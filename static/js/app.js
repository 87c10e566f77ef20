/* Enhancements only: every page works without this file. Nothing here writes markup or style attributes. */
"use strict";

(function () {
  /* Put the reader at the list of faults, and take them to the question with its label in view. */
  function focusErrorSummary() {
    const summary = document.querySelector("[data-error-summary]");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", function (event) {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      const group = field.closest(".form-group");
      (group || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }

  /* Count down the characters of a text area; screen readers hear it when the typing rests. */
  function countCharacters(root) {
    root.querySelectorAll("[data-limit-for]").forEach(function (message) {
      const field = document.getElementById(message.dataset.limitFor);
      if (!field || message.dataset.counting) return;
      message.dataset.counting = "yes";
      const spoken = document.createElement("span");
      spoken.className = "sr-only";
      spoken.setAttribute("aria-live", "polite");
      message.after(spoken);
      let rest;
      function show() {
        // As the server counts: an emoji and a line break are one character each.
        const left = Number(message.dataset.limit) - Array.from(field.value).length;
        const sentence = left < 0 ? message.dataset.over : message.dataset.left;
        message.textContent = sentence.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang || "da"));
        message.classList.toggle("limit-exceeded", left < 0);
        field.classList.toggle("form-limit-error", left < 0);
      }
      field.addEventListener("input", function () {
        show();
        clearTimeout(rest);
        rest = setTimeout(function () { spoken.textContent = message.textContent; }, 1000);
      });
      if (field.value) show();
    });
  }

  /* A second press on a sent form does nothing; the server refuses doubles anyway. */
  function guardDoubleSubmit() {
    document.addEventListener("submit", function (event) {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      // After the browser has read the form, or the pressed button's own value would be lost.
      setTimeout(function () {
        form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = true; });
      });
    });
    window.addEventListener("pageshow", function () {
      document.querySelectorAll("form[data-sent]").forEach(function (form) {
        delete form.dataset.sent;
        form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = false; });
      });
    });
  }

  /* data-auto-submit on a filter form: a choice takes effect at once; its button stays for everybody else. */
  function autoSubmit() {
    document.addEventListener("change", function (event) {
      const form = event.target.closest("form[data-auto-submit]");
      if (form && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
    });
  }

  /* data-copy="#id" copies that element's text; data-print prints. Such buttons stay hidden without scripts. */
  function copyAndPrint() {
    document.querySelectorAll("[data-copy], [data-print]").forEach(function (button) { button.hidden = false; });
    document.addEventListener("click", function (event) {
      const copy = event.target.closest("[data-copy]");
      if (copy) {
        const source = document.querySelector(copy.dataset.copy);
        const text = source.value === undefined ? source.innerText : source.value;
        navigator.clipboard.writeText(text.trim()).then(function () {
          const label = copy.querySelector("[data-label]") || copy;
          const before = label.textContent;
          label.textContent = copy.dataset.copied || "Kopieret";
          setTimeout(function () { label.textContent = before; }, 2000);
        });
      }
      if (event.target.closest("[data-print]")) window.print();
    });
  }

  /* The menu of small screens closes on Escape and on a press outside it. */
  function closeMenu() {
    const menu = document.querySelector(".mobile-menu");
    if (!menu) return;
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
    document.addEventListener("click", function (event) {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
  }

  focusErrorSummary();
  countCharacters(document);
  guardDoubleSubmit();
  autoSubmit();
  copyAndPrint();
  closeMenu();
  document.addEventListener("htmx:load", function (event) { countCharacters(event.target); });
})();
