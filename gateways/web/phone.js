// SPDX-License-Identifier: Apache-2.0
// phone - keeps an open page right by the server's events; without scripts the page comes anew
'use strict';

(function () {
  const address = location.pathname + '/events?lang=' + document.documentElement.dataset.lang;
  const offline = document.getElementById('offline');
  let events = null;
  let later = 0;

  // Only what differs is replaced: a screen reader reads the status again only where it changed.
  function show(part, html) {
    const place = document.getElementById(part);
    const made = document.createElement('div');
    made.innerHTML = html; // made and escaped by the server that made the page
    if (made.innerHTML !== place.innerHTML) place.replaceChildren(...made.childNodes);
  }

  function take(event) {
    const news = JSON.parse(event.data);
    offline.hidden = true;
    if (news.title !== undefined) document.title = news.title;
    for (const part of ['now', 'plan', 'lines', 'asof'])
      if (news[part] !== undefined) show(part, news[part]);
  }

  // Comes anew once the server has something to say: a page that shows the number is never given up
  // for a browser's error page. A little later each time, so that not all phones come at once.
  function comeAnew() {
    clearTimeout(later);
    later = setTimeout(function () {
      fetch(location.href, { cache: 'no-store' }).then(function (answer) {
        if (answer.ok || answer.status === 404) location.reload();
        else comeAnew();
      }, comeAnew);
    }, 5000 + Math.random() * 15000);
  }

  function open() {
    if (events && events.readyState !== EventSource.CLOSED) return;
    events = new EventSource(address);
    events.addEventListener('page', take);
    events.addEventListener('tick', take);
    events.addEventListener('over', function () {
      events.close();
      comeAnew();
    });
    events.onerror = function () {
      offline.hidden = false;
      // The browser comes back by itself unless it was refused.
      if (events.readyState === EventSource.CLOSED) comeAnew();
    };
  }

  // A phone that slept may have lost its connection without knowing.
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState === 'visible') open();
  });
  addEventListener('pageshow', open);
  open();
})();
