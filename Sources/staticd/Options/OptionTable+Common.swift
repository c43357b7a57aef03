/// The most common options.
extension OptionTable {
  static let serving: [OptionDefinition] = [
    OptionDefinition(
      name: .root,
      kind: .path("DIR"),
      commands: CommandName.serving,
      topic: .common,
      help: "The directory that was collected: STATIC_ROOT.",
      example: "serve --root staticfiles",
      isBasic: true,
      otherwise: "the Django project's",
      variables: [.init(name: "STATIC_ROOT", reading: .text)]
    ),
    OptionDefinition(
      name: .url,
      kind: .text("PATH"),
      commands: CommandName.serving,
      topic: .common,
      help: "The URL path at which the root is served: STATIC_URL.",
      example: "serve --root staticfiles --url /assets/",
      isBasic: true,
      standard: "/static/",
      variables: [.init(name: "STATIC_URL", reading: .text)]
    ),
    OptionDefinition(
      name: .listen,
      kind: .text("ADDRESS"),
      commands: CommandName.serving,
      topic: .common,
      help: """
        HOST:PORT, :PORT for all addresses of IPv4, [::]:PORT for all of IPv6 and IPv4, unix:PATH or \
        fd:N. A name stands for all of its addresses. Sockets that systemd passes are used instead. \
        Repeat for more.
        """,
      example: "serve --root staticfiles --listen 127.0.0.1:8000 --listen unix:staticd.sock",
      isRepeated: true,
      isBasic: true,
      otherwise: "0.0.0.0:$PORT if PORT is set, else 127.0.0.1:8000"
    ),
    OptionDefinition(
      name: .public,
      kind: .path("[/URL/=]DIR"),
      commands: CommandName.serving,
      topic: .common,
      help: """
        A directory to serve as it is, at '/' or at the URL path given. Repeat for more. The \
        longest path wins, of equal ones the last. A name that it lacks may still be the app's.
        """,
      example: "serve --root staticfiles --public public --public /app/=dist",
      isRepeated: true,
      isBasic: true,
      variables: [.init(name: "WHITENOISE_ROOT", reading: .text)]
    ),
    OptionDefinition(
      name: .live,
      kind: .path("[/URL/=]DIR"),
      commands: CommandName.serving,
      topic: .common,
      help: """
        A directory of uploads, such as MEDIA_ROOT, at '/' or at the URL path given: its files are \
        looked up when they are requested. It need not exist yet. Repeat for more; the longest path \
        wins, of equal ones the last. A name that it lacks may still be the app's.
        """,
      example: "serve --root staticfiles --live /media/=media",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .liveActive,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .common,
      help: """
        Serve HTML, SVG, XML and scripts of --live directories as they are. Uploads of any user \
        then run with the site's cookies.
        """,
      example: "serve --root staticfiles --live /media/=media --live-active"
    ),
    OptionDefinition(
      name: .upstream,
      kind: .text("[/URL/=]ADDRESS"),
      commands: [.serve, .explain],
      topic: .common,
      help: """
        The app that answers requests for no file: unix:PATH or HOST:PORT. With /URL/= those below \
        that path; repeat for more, the longest path wins.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --upstream /api/=127.0.0.1:9000",
      isRepeated: true,
      isBasic: true,
      otherwise: "such requests are 404"
    ),
    OptionDefinition(
      name: .workers,
      kind: .number(1...256, "N"),
      commands: CommandName.serving,
      topic: .common,
      help: "Event loops, each on a thread of its own.",
      example: "serve --root staticfiles --workers 2",
      isBasic: true,
      otherwise: "one for each processor"
    ),
    OptionDefinition(
      name: .autorefresh,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .common,
      help: """
        For development: serve the sources, follow every change at once, answer hashed names with \
        the same files, and have clients ask each time.
        """,
      example: "serve --autorefresh --source static",
      isBasic: true,
      variables: [.init(name: "WHITENOISE_AUTOREFRESH", reading: .isOn)]
    ),
    OptionDefinition(
      name: .source,
      kind: .path("[PREFIX=]DIR"),
      commands: CommandName.serving,
      topic: .common,
      help: "With --autorefresh, an entry of STATICFILES_DIRS. Repeat for more; the first wins.",
      example: "serve --autorefresh --source static --source vendor=node_modules/x/dist",
      isRepeated: true,
      variables: [.init(name: "STATICFILES_DIRS", reading: .paths)]
    ),
    OptionDefinition(
      name: .field,
      kind: .text("'FIELD: VALUE'"),
      commands: [.explain],
      topic: .request,
      help: "A field of the request, as curl's -H. Repeat for more.",
      example: "explain /static/css/app.css --root staticfiles -H 'Accept-Encoding: br'",
      letter: "H",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .method,
      kind: .text("METHOD"),
      commands: [.explain],
      topic: .request,
      help: "The method of the request.",
      example: "explain /static/css/app.css --root staticfiles --method HEAD",
      isBasic: true,
      standard: "GET"
    ),
  ]
}
