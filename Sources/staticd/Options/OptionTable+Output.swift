/// The options for output, and for the configuration file.
extension OptionTable {
  static let output: [OptionDefinition] = [
    OptionDefinition(
      name: .report,
      kind: .path("FILE"),
      commands: [.collect, .publish],
      topic: .output,
      help: "Write the whole outcome as JSON; '-' is standard output.",
      example: "collect static --root staticfiles --report report.json"
    ),
    OptionDefinition(
      name: .json,
      kind: .isOn,
      commands: [.find],
      topic: .output,
      help: "Write JSON.",
      example: "find css/app.css --source static --json",
      isBasic: true
    ),
    OptionDefinition(
      name: .progress,
      kind: .choice(ProgressStyle.allCases.map(\.rawValue)),
      commands: [.collect, .publish, .compress, .check],
      topic: .output,
      help: "How progress is shown. 'auto' is a bar on a terminal and lines elsewhere.",
      example: "collect static --root staticfiles --progress plain",
      standard: "auto"
    ),
    OptionDefinition(
      name: .verbose,
      kind: .isOn,
      commands: [.collect, .publish, .compress, .check, .find],
      topic: .output,
      help: "Name every file, and show what a Django project prints.",
      example: "collect static --root staticfiles --verbose",
      letter: "v",
      isBasic: true
    ),
    OptionDefinition(
      name: .quiet,
      kind: .isOn,
      commands: [.collect, .publish, .compress, .check],
      topic: .output,
      help: "Print nothing unless something is wrong.",
      example: "collect static --root staticfiles --quiet",
      letter: "q",
      isBasic: true
    ),
    OptionDefinition(
      name: .config,
      kind: .path("FILE"),
      commands: [.collect, .publish, .find, .compress, .check] + CommandName.serving,
      topic: .output,
      help: "A file with options: 'max-age = 60' for --max-age.",
      example: "serve --config production.toml",
      isBasic: true,
      otherwise: "staticd.toml, or [tool.staticd] of pyproject.toml"
    ),
  ]
}
