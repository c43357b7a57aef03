internal import StaticAssets

/// The text of a `manage.py`.
struct ManageScript {
  private let lines: [Substring]

  /// Reads the content of the file.
  init(_ content: [UInt8]) {
    lines = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  /// Whether it belongs to a Django project, judged by its text.
  ///
  /// | code without comments | Django's |
  /// |---|---|
  /// | imports `django` or a module below it, or names `DJANGO_SETTINGS_MODULE` | yes |
  /// | imports another framework that has a `manage.py` | no |
  /// | imports modules of the project, which may start Django | yes |
  /// | imports nothing | no |
  var isDjangos: Bool {
    let code = lines.map(Self.withoutComment)
    if code.contains(where: { $0.contains(text: "DJANGO_SETTINGS_MODULE") }) { return true }
    let modules = Set(code.flatMap(Self.importedModules))
    if modules.contains("django") { return true }
    return !modules.isEmpty && modules.isDisjoint(with: Self.otherFrameworks)
      && !modules.isSubset(of: Self.standardModules)
  }

  private static let otherFrameworks: Set<String> = [
    "flask", "flask_script", "flask_migrate", "fastapi", "starlette", "tornado", "click", "typer",
    "sanic", "aiohttp", "bottle", "pyramid", "quart",
  ]

  /// Modules of Python's standard library that do not start a project.
  private static let standardModules: Set<String> = [
    "argparse", "asyncio", "logging", "os", "pathlib", "re", "runpy", "shutil", "subprocess", "sys",
    "unittest", "warnings",
  ]

  private static func withoutComment(_ line: Substring) -> Substring {
    line.prefix { $0 != "#" }
  }

  /// The first components of the modules that a line imports.
  private static func importedModules(_ line: Substring) -> [String] {
    let words = line.split { $0.isWhitespace || $0 == "," || $0 == ";" }
    guard let first = words.first, words.count > 1 else { return [] }
    let names = first == "from" ? words[1...1] : first == "import" ? words[1...] : []
    return names.map { String($0.prefix { $0 != "." }) }
  }
}
