/// The texts of a command in help and manual, apart from its options.
struct CommandDescription {
  /// What it does, in one sentence.
  let abstract: String
  /// The positional arguments in the synopsis; empty for none.
  var words = ""
  /// What the positional arguments are, in one or more sentences.
  var wordsHelp = ""
  /// Paragraphs about it.
  let discussion: [String]
  /// Command lines, each with its purpose.
  let examples: [(line: String, purpose: String)]
}

extension CommandName {
  var description: CommandDescription {
    switch self {
    case .collect: .collect
    case .publish: .publish
    case .serve: .serve
    case .run: .run
    case .find: .find
    case .compress: .compress
    case .check: .check
    case .explain: .explain
    case .completions: .completions
    case .man: .man
    }
  }

  /// `staticd serve [OPTION ...]`.
  var synopsis: String {
    let hasOptions = !OptionTable.options(of: self).isEmpty
    let words = description.words
    return "staticd \(rawValue)" + (hasOptions ? " [OPTION ...]" : "")
      + (words.isEmpty ? "" : " \(words)")
  }
}

extension CommandDescription {
  fileprivate static let collect = CommandDescription(
    abstract: "Collect static files into one directory, named by content and compressed.",
    words: "[[PREFIX=]DIR ...]",
    wordsHelp: """
      The entries of STATICFILES_DIRS in order of priority: of two files with one destination the \
      first is collected. 'vendor=node_modules/x/dist' puts a directory's files below 'vendor/'. \
      In a Django project none is needed.
      """,
    discussion: [
      """
      Does what Django's collectstatic does with ManifestStaticFilesStorage, and what WhiteNoise \
      adds. Every file is copied, and copied again under a name that changes with its content. \
      References in style sheets and scripts are rewritten to those names. staticfiles.json lists \
      them. A .br and a .gz are written beside each file that gets smaller by it.
      """,
      "A release is published in one step, or not at all.",
    ],
    examples: [
      ("staticd collect", "in a Django project, beside manage.py"),
      (
        "staticd collect static vendor=node_modules/x/dist --root staticfiles",
        "two directories, without Django"
      ),
    ]
  )

  fileprivate static let publish = CommandDescription(
    abstract: "Publish a collected root to an object store.",
    words: "s3://BUCKET/PREFIX",
    wordsHelp: "The bucket, and what all keys begin with. Give the root a prefix of its own.",
    discussion: [
      """
      Sends what 'staticd collect' left in the root to Amazon S3 or a store that speaks its protocol, \
      with the Content-Type and Cache-Control that 'staticd serve' would send. Only what changed is \
      sent: hashed names first, then the others, then the manifests. Files of older releases stay as \
      long as --keep-releases says, and only what this command has published is ever removed.
      """,
      """
      Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from the files of the AWS \
      tools (AWS_PROFILE), or from the container or instance. AWS_REGION says where the bucket is.
      """,
    ],
    examples: [
      ("staticd publish s3://example-assets/static --root staticfiles", "to Amazon S3"),
      (
        "staticd publish s3://assets/static --endpoint https://s3.example.com --root staticfiles",
        "to another store"
      ),
    ]
  )

  fileprivate static let serve = CommandDescription(
    abstract: "Serve directories of static files over HTTP.",
    discussion: [
      """
      Serves what 'staticd collect' or Django's collectstatic left in the root, and public \
      directories as they are. Hashed names get a far-future Cache-Control, and clients that accept \
      it get brotli, gzip or zstd. With --upstream, requests for no file go to the app that listens \
      there; alone, all requests do.
      """,
      """
      A new release in the root is served as it comes. SIGHUP reads files and configuration again, and \
      keeps both if either is wrong. SIGUSR1 opens the access log again. SIGUSR2 hands the sockets to a \
      new process, which takes over when it serves. SIGTERM, SIGINT and SIGQUIT finish the requests in \
      flight and end.
      """,
    ],
    examples: [
      ("staticd serve --root staticfiles --listen 127.0.0.1:8000", "a collected root at /static/"),
      (
        "staticd serve --public dist --immutable vite --fallback dist/index.html",
        "a single-page app at /"
      ),
      ("staticd serve --live /media/=media", "uploads at /media/, looked up at each request"),
    ]
  )

  fileprivate static let run = CommandDescription(
    abstract: "Serve static files, and run the app that answers the other requests.",
    words: "-- COMMAND [ARGUMENT ...]",
    wordsHelp: "The app's program and its arguments.",
    discussion: [
      """
      Takes the options of 'staticd serve', starts COMMAND, and ends with its exit status (128+n \
      for a signal). gunicorn, uvicorn, hypercorn and waitress get a private Unix socket. Any other \
      program is to listen at 127.0.0.1, at the port in PORT; --upstream says where else.
      """,
      """
      HUP, USR1, USR2, TTIN, TTOU and WINCH are relayed to the app; HUP also reads files and \
      configuration again, USR1 opens the access log again. TERM, INT and QUIT finish the \
      requests in flight first and are then relayed. The app closes its WebSockets, and is killed \
      when --grace is over. A second one is relayed at once.
      """,
    ],
    examples: [
      ("staticd run -- gunicorn mysite.wsgi", "a Django site at 127.0.0.1:8000, or at $PORT"),
      (
        "staticd run --autorefresh -- python manage.py runserver",
        "for development: files from the sources"
      ),
    ]
  )

  fileprivate static let find = CommandDescription(
    abstract: "Print the source of a file and the files it shadows.",
    words: "NAME ...",
    wordsHelp: "Destinations below STATIC_ROOT, such as css/app.css.",
    discussion: [
      """
      Does what Django's findstatic does. In a Django project it asks the finders of the project, \
      if no source is named; they find directories too. Ends with 1 if a name is not found.
      """
    ],
    examples: [
      ("staticd find admin/css/base.css", "in a Django project"),
      ("staticd find css/app.css --source static --source theme", "in two directories"),
    ]
  )

  fileprivate static let compress = CommandDescription(
    abstract: "Compress the files of a directory in place.",
    words: "DIR",
    wordsHelp: "The directory.",
    discussion: [
      """
      Does what 'python -m whitenoise.compress' does: a .br and a .gz beside each file that gets \
      smaller by at least 5 %, with that file's times and mode. A coding that saves less, and \
      does not decode to its file, is removed. In a collected root, and below one, only files that no \
      manifest names are compressed, such as those of django-compressor.
      """
    ],
    examples: [
      ("staticd compress public", "both codings"),
      ("staticd compress --formats gzip public", "gzip alone"),
    ]
  )

  fileprivate static let check = CommandDescription(
    abstract: "Check the configuration, and the files of a collected root.",
    discussion: [
      """
      Reads what is configured for every command, and every file that a manifest names. A file's \
      content must be the one that its hashed name and staticd.json say, and each coding must \
      decode to its file. Lists all problems, and ends with 1 if there is one, or with 2 if it is \
      in the configuration. In a Django project it checks the project's STATIC_ROOT.
      """
    ],
    examples: [
      ("staticd check", "in a Django project, or where a configuration file names the root"),
      ("staticd check --root staticfiles", "any collected root"),
    ]
  )

  fileprivate static let explain = CommandDescription(
    abstract: "Show what would be answered to a request, and why.",
    words: "URL",
    wordsHelp: "The URL, or its path.",
    discussion: [
      """
      Takes the options of 'staticd serve'. Prints the file, the representation, the status and \
      every field, each with the rule or the section of the RFC behind it. No server needs to run.
      """
    ],
    examples: [
      ("staticd explain /static/css/app.css --root staticfiles", "a plain request"),
      (
        "staticd explain /static/css/app.css -H 'Accept-Encoding: br' --root staticfiles",
        "one with a field"
      ),
    ]
  )

  fileprivate static let completions = CommandDescription(
    abstract: "Print completions for a shell.",
    words: "bash|zsh|fish",
    wordsHelp: "The shell.",
    discussion: [
      """
      The first word that is typed behind 'staticd' is completed with the commands, any other with \
      the options of the command, their values, or names of files.
      """
    ],
    examples: [
      (
        "staticd completions bash > /usr/share/bash-completion/completions/staticd",
        "for bash, for all users"
      ),
      ("staticd completions zsh > ~/.zfunc/_staticd", "for zsh, with ~/.zfunc in fpath"),
      ("staticd completions fish > ~/.config/fish/completions/staticd.fish", "for fish"),
    ]
  )

  fileprivate static let man = CommandDescription(
    abstract: "Print the manual page of staticd, or of a command.",
    words: "[COMMAND]",
    wordsHelp: "The command.",
    discussion: ["The page is in the format of man(7)."],
    examples: [
      ("staticd man serve | man -l -", "read a page"),
      ("staticd man > /usr/share/man/man1/staticd.1", "install one"),
    ]
  )
}
