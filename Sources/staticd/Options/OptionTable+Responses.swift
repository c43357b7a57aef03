/// The options for serving files: caching, fields, types, and responses for missing files.
extension OptionTable {
  static let responses: [OptionDefinition] = [
    OptionDefinition(
      name: .maxAge,
      kind: .text("[GLOB=]SECONDS|none"),
      commands: [.publish] + CommandName.serving,
      topic: .responses,
      help: """
        How long names that are not immutable may be cached; with GLOB, some of them; 'none' leaves \
        Cache-Control out. Repeat for more; the last that fits counts. A GLOB fits the path below \
        its directory; '*' and '?' match slashes too.
        """,
      example: "serve --root staticfiles --max-age 300 --max-age '*.html=0'",
      isRepeated: true,
      isBasic: true,
      otherwise: "60",
      variables: [.init(name: "WHITENOISE_MAX_AGE", reading: .text)]
    ),
    OptionDefinition(
      name: .immutable,
      kind: .text("GLOB"),
      commands: [.publish] + CommandName.serving,
      topic: .responses,
      help: """
        Names that change with their content, besides those in a manifest. 'vite' and 'webpack' \
        stand for the names that these bundlers give. Repeat for more.
        """,
      example: "serve --public dist --immutable vite",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .header,
      kind: .text("'GLOB: FIELD: VALUE'"),
      commands: [.publish] + CommandName.serving,
      topic: .responses,
      help: """
        A field for some files, instead of one of that name. Repeat for more; the last that fits \
        counts.
        """,
      example: "serve --public dist --header '*.html: X-Frame-Options: DENY'",
      isRepeated: true
    ),
    OptionDefinition(
      name: .mediaType,
      kind: .text("EXT=TYPE"),
      commands: [.publish] + CommandName.serving,
      topic: .responses,
      help: """
        The media type of an extension (without its dot), or of a whole file name, which wins. \
        Repeat for more.
        """,
      example: "serve --public public --media-type glb=model/gltf-binary",
      isRepeated: true
    ),
    OptionDefinition(
      name: .noCORS,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: "Leave out 'Access-Control-Allow-Origin: *'.",
      example: "serve --root staticfiles --no-cors",
      variables: [.init(name: "WHITENOISE_ALLOW_ALL_ORIGINS", reading: .isOff)]
    ),
    OptionDefinition(
      name: .noCompress,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Leave text without stored codings as it is. Else it is compressed while processors are idle, \
        and sent so once that is done.
        """,
      example: "serve --public public --no-compress"
    ),
    OptionDefinition(
      name: .index,
      kind: .text("NAME"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        The file to send for its directory, such as index.html. '/docs' is redirected to '/docs/'.
        """,
      example: "serve --public public --index index.html",
      variables: [.init(name: "WHITENOISE_INDEX_FILE", reading: .indexName)]
    ),
    OptionDefinition(
      name: .fallback,
      kind: .path("[/URL/=]FILE"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        The page of a single-page app, for names that no file has: below /URL/, before the app is \
        asked; or below all --public paths, then after the app unless its paths are named with \
        --app-path. Names that end with the extension of a known file type get no page. Repeat for \
        more.
        """,
      example: "serve --public dist --fallback dist/index.html",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .appPath,
      kind: .text("/URL/"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        A URL path that is the app's alone, with all below: neither files nor redirects nor pages \
        answer there. Repeat for more.
        """,
      example: "serve --public dist --fallback dist/index.html"
        + " --upstream 127.0.0.1:8001 --app-path /api/",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .cleanURLs,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Serve about.html at /about, and redirect /about.html there (308). The index file is \
        index.html unless --index says otherwise.
        """,
      example: "serve --public public --clean-urls"
    ),
    OptionDefinition(
      name: .redirects,
      kind: .path("FILE"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        Redirects, a line for each: a path, a target and a status, as in the file _redirects of \
        static hosts.
        """,
      example: "serve --public public --redirects redirects.txt"
    ),
    OptionDefinition(
      name: .unknown,
      kind: .choice(["404", "app"]),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        What answers for names below --url that no file has: staticd, with 404, or the app, for its own \
        404 page and its views there.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --unknown app",
      standard: "404"
    ),
    OptionDefinition(
      name: .errorPage,
      kind: .path("STATUS=FILE"),
      commands: CommandName.serving,
      topic: .responses,
      help: """
        A page of your own for the status 404, 405, 412 or 416, or for an app's 502, 503 or 504. \
        Repeat for more.
        """,
      example: "serve --public public --error-page 404=public/404.html",
      isRepeated: true
    ),
  ]
}
