internal import StaticCollector

/// The options of collecting.
extension OptionTable {
  static let collecting: [OptionDefinition] = [
    OptionDefinition(
      name: .root,
      kind: .path("DIR"),
      commands: [.collect],
      topic: .common,
      help: "The directory to collect to: STATIC_ROOT. It is made if it does not exist.",
      example: "collect static --root staticfiles",
      isBasic: true,
      otherwise: "the Django project's",
      variables: [.init(name: "STATIC_ROOT", reading: .text)]
    ),
    OptionDefinition(
      name: .root,
      kind: .path("DIR"),
      commands: [.check],
      topic: .common,
      help: "The directory to check.",
      example: "check --root staticfiles",
      isBasic: true,
      otherwise: "the Django project's STATIC_ROOT",
      variables: [.init(name: "STATIC_ROOT", reading: .text)]
    ),
    OptionDefinition(
      name: .url,
      kind: .text("URL"),
      commands: [.collect],
      topic: .common,
      help: "Where the root will be served: STATIC_URL, a path or a whole URL.",
      example: "collect static --root staticfiles --url https://cdn.example.com/static/",
      isBasic: true,
      otherwise: "the Django project's, or /static/",
      variables: [.init(name: "STATIC_URL", reading: .text)]
    ),
    OptionDefinition(
      name: .source,
      kind: .path("[PREFIX=]DIR"),
      commands: [.collect, .find],
      topic: .common,
      help: """
        An entry of STATICFILES_DIRS, where no DIR is named. Repeat for more; of two files with \
        one destination the first is collected.
        """,
      example: "collect --source static --source vendor=node_modules/x/dist"
        + " --root staticfiles",
      isRepeated: true,
      isBasic: true,
      variables: [.init(name: "STATICFILES_DIRS", reading: .paths)]
    ),
    OptionDefinition(
      name: .ignore,
      kind: .text("GLOB"),
      commands: [.collect, .find],
      topic: .common,
      help: """
        Leave out files and directories of this name; '*', '?' and '[abc]' match. Repeat for more.
        """,
      example: "collect static --root staticfiles --ignore '*.scss' --ignore tests",
      letter: "i",
      isRepeated: true,
      isBasic: true
    ),
    OptionDefinition(
      name: .noDefaultIgnore,
      kind: .isOn,
      commands: [.collect, .find],
      topic: .common,
      help: "Do not leave out 'CVS', '.*' and '*~'.",
      example: "collect static --root staticfiles --no-default-ignore"
    ),
    OptionDefinition(
      name: .dryRun,
      kind: .isOn,
      commands: [.collect, .publish],
      topic: .common,
      help: "Look for every problem, print what would be done, and write nothing.",
      example: "collect static --root staticfiles --dry-run",
      letter: "n",
      isBasic: true
    ),
    OptionDefinition(
      name: .clear,
      kind: .isOn,
      commands: [.collect],
      topic: .release,
      help: """
        Remove everything else from the root when the release is published. Refused if the root \
        holds a source, an earlier release to carry over, the project, its MEDIA_ROOT or SQLite \
        database, the configuration in use, the working directory, a repository, a home directory or \
        a mount point.
        """,
      example: "collect static --root staticfiles --clear",
      letter: "c",
      isBasic: true
    ),
    OptionDefinition(
      name: .link,
      kind: .isOn,
      commands: [.collect],
      topic: .release,
      help: "Link files under their own names to their sources instead of copying them.",
      example: "collect static --root staticfiles --link",
      letter: "l"
    ),
    OptionDefinition(
      name: .noPostProcess,
      kind: .isOn,
      commands: [.collect],
      topic: .release,
      help: "Copy and compress only: no hashed names, no manifests.",
      example: "collect static --root staticfiles --no-post-process"
    ),
    OptionDefinition(
      name: .keepOnlyHashed,
      kind: .isOn,
      commands: [.collect],
      topic: .release,
      help: "Publish files that have a hashed name under that name alone.",
      example: "collect static --root staticfiles --keep-only-hashed",
      variables: [.init(name: "WHITENOISE_KEEP_ONLY_HASHED_FILES", reading: .isOn)]
    ),
    OptionDefinition(
      name: .keepReleases,
      kind: .number(1...1000, "N"),
      commands: [.collect],
      topic: .release,
      help: """
        How many releases stay in the root, the current one among them, so that pages of older \
        ones keep working.
        """,
      example: "collect static --root staticfiles --keep-releases 5",
      standard: "3"
    ),
    OptionDefinition(
      name: .durability,
      kind: .choice(["full", "none"]),
      commands: [.collect],
      topic: .release,
      help: """
        Whether a release is on the disk before it is published (full), so that no power cut loses \
        files that are named, or not (none), for images and other build steps.
        """,
      example: "collect static --root staticfiles --durability none",
      standard: "full"
    ),
    OptionDefinition(
      name: .fileMode,
      kind: .mode,
      commands: [.collect],
      topic: .release,
      help: "The mode of every file, in octal digits, or 'umask'.",
      example: "collect static --root staticfiles --file-mode 640",
      otherwise: "FILE_UPLOAD_PERMISSIONS of the Django project, or 644",
      variables: [.init(name: "FILE_UPLOAD_PERMISSIONS", reading: .mode)]
    ),
    OptionDefinition(
      name: .directoryMode,
      kind: .mode,
      commands: [.collect],
      topic: .release,
      help: "The mode of every directory that is made, in octal digits, or 'umask'.",
      example: "collect static --root staticfiles --directory-mode 750",
      otherwise: "FILE_UPLOAD_DIRECTORY_PERMISSIONS of the Django project, or umask",
      variables: [.init(name: "FILE_UPLOAD_DIRECTORY_PERMISSIONS", reading: .mode)]
    ),
    OptionDefinition(
      name: .immutable,
      kind: .text("GLOB"),
      commands: [.collect],
      topic: .references,
      help: """
        Files whose names change with their content already: they keep their names and their \
        content. 'vite' and 'webpack' stand for the names that these bundlers give. Repeat for more.
        """,
      example: "collect dist --root staticfiles --immutable vite",
      isRepeated: true
    ),
    OptionDefinition(
      name: .rules,
      kind: .choice(DjangoRules.allCases.map(\.rawValue)),
      commands: [.collect],
      topic: .references,
      help: """
        The version of Django whose rules decide which references are rewritten. They differ for \
        comments and strings, quotes, and modules.
        """,
      example: "collect static --root staticfiles --rules 5.2",
      otherwise: "that of the Django project, or \(DjangoRules.latest.rawValue)"
    ),
    OptionDefinition(
      name: .jsModules,
      kind: .isOn,
      commands: [.collect],
      topic: .references,
      help: """
        Rewrite import and export in scripts, as Django does with \
        support_js_module_import_aggregation.
        """,
      example: "collect static --root staticfiles --js-modules"
    ),
    OptionDefinition(
      name: .missing,
      kind: .choice(["error", "warn"]),
      commands: [.collect],
      topic: .references,
      help: "Whether a reference to a file that is not collected is an error or a warning.",
      example: "collect static --root staticfiles --missing warn",
      standard: "error"
    ),
    OptionDefinition(
      name: .missingSourceMaps,
      kind: .choice(["error", "warn"]),
      commands: [.collect],
      topic: .references,
      help: "Whether a reference to a source map that is not collected is an error or a warning.",
      example: "collect static --root staticfiles --missing-source-maps error",
      standard: "warn"
    ),
  ]

  static let project: [OptionDefinition] = [
    OptionDefinition(
      name: .django,
      kind: .path("DIR"),
      commands: [.collect, .find, .check] + CommandName.serving,
      topic: .project,
      help: """
        Ask the Django project in this directory for its settings, and for its sources, as its \
        finders list them. Done by itself where there is a manage.py and nothing is named.
        """,
      example: "collect --django backend",
      omitted: "."
    ),
    OptionDefinition(
      name: .settings,
      kind: .text("MODULE"),
      commands: [.collect, .find, .check] + CommandName.serving,
      topic: .project,
      help: "The project's settings module.",
      example: "collect --django backend --settings mysite.settings",
      otherwise: "$DJANGO_SETTINGS_MODULE, or what manage.py says"
    ),
    OptionDefinition(
      name: .python,
      kind: .text("EXE"),
      commands: [.collect, .find, .check] + CommandName.serving,
      topic: .project,
      help: "The Python to ask.",
      example: "collect --django backend --python python3",
      otherwise: "that of the project's virtual environment, or python3"
    ),
    OptionDefinition(
      name: .djangoTimeout,
      kind: .number(1...3600, "SECONDS"),
      commands: [.collect, .find, .check] + CommandName.serving,
      topic: .project,
      help: "How long the project may take to answer.",
      example: "collect --django backend --django-timeout 300",
      standard: "120"
    ),
  ]

  static let compression: [OptionDefinition] = [
    OptionDefinition(
      name: .formats,
      kind: .list("CODING,..."),
      commands: [.collect],
      topic: .compression,
      help: """
        The codings to compress to: 'br', 'gzip', and 'dcz', which stands for deltas from earlier \
        releases; or 'none'.
        """,
      example: "collect static --root staticfiles --formats gzip",
      isBasic: true,
      standard: "br,gzip,dcz"
    ),
    OptionDefinition(
      name: .formats,
      kind: .list("CODING,..."),
      commands: [.compress],
      topic: .compression,
      help: "The codings to compress to: 'br' and 'gzip'; or 'none'.",
      example: "compress --formats gzip static",
      isBasic: true,
      standard: "br,gzip"
    ),
    OptionDefinition(
      name: .deltas,
      kind: .number(0...16, "N"),
      commands: [.collect],
      topic: .compression,
      help: """
        For how many earlier releases in the root a changed file gets a delta, which browsers load \
        that have the file as it was; 0 for none.
        """,
      example: "collect static --root staticfiles --deltas 1",
      standard: "2"
    ),
    OptionDefinition(
      name: .dictionary,
      kind: .text("GLOB=FILE"),
      commands: [.collect],
      topic: .compression,
      help: """
        A collected file that browsers keep for those that fit GLOB, where a page links to it with \
        rel="compression-dictionary". Files under their own names count, too. Repeat for more.
        """,
      example: "collect static --root staticfiles --dictionary 'js/*.js=js/common.js'",
      isRepeated: true
    ),
    OptionDefinition(
      name: .skipCompress,
      kind: .list("EXT,..."),
      commands: [.collect, .compress],
      topic: .compression,
      help: "Extensions of files that are not compressed; 'none' compresses all.",
      example: "collect static --root staticfiles --skip-compress png,jpg,woff2",
      otherwise: "pictures, films, fonts and archives, as WhiteNoise",
      variables: [.init(name: "WHITENOISE_SKIP_COMPRESS_EXTENSIONS", reading: .text)]
    ),
    OptionDefinition(
      name: .jobs,
      kind: .number(1...1024, "N"),
      commands: [.collect, .compress, .check],
      topic: .compression,
      help: "How many files to work on at a time.",
      example: "collect static --root staticfiles --jobs 2",
      letter: "j",
      otherwise: "one for each processor"
    ),
    OptionDefinition(
      name: .memory,
      kind: .number((1 << 20)...(1 << 40), "BYTES"),
      commands: [.collect, .compress],
      topic: .compression,
      help: """
        What compressing may take of the memory, by an estimate. A file that needs more is compressed \
        alone.
        """,
      example: "collect static --root staticfiles --memory 104857600",
      otherwise: "a quarter of the control group's limit, at most 262144000"
    ),
    OptionDefinition(
      name: .cache,
      kind: .path("DIR"),
      commands: [.collect] + CommandName.serving,
      topic: .compression,
      help: """
        Where compressed results are kept from run to run, at most 512 MiB. Runs may share it, and \
        it may be deleted at any time.
        """,
      example: "collect static --root staticfiles --cache .cache/staticd",
      otherwise: "$XDG_CACHE_HOME/staticd or ~/.cache/staticd"
    ),
    OptionDefinition(
      name: .noCache,
      kind: .isOn,
      commands: [.collect] + CommandName.serving,
      topic: .compression,
      help: "Keep nothing from run to run, and use nothing of earlier runs.",
      example: "collect static --root staticfiles --no-cache"
    ),
  ]
}
