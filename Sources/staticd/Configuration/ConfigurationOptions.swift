internal import ArgumentParser

/// Where the options come from that are not on the command line.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A file with options, 'max-age = 60' for --max-age. (default: staticd.toml, or [tool.staticd] \
      of pyproject.toml)
      """,
      valueName: "file"
    )
  )
  var config: String?
}
