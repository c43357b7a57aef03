/// The program that a project's own Python runs to tell what collectstatic would know.
///
/// It runs `manage.py` with a command that does not exist, and takes the place of every way in which
/// `manage.py` can start a command or do its work. So what a project does there (paths, environment files, the name of
/// the settings) is done, and no command of the project runs. The word `collectstatic` stands among the
/// arguments, for settings that look for it. The answer goes to descriptor 3 as JSON: what a project
/// prints is not part of it. Python 3.6 and Django 3.2 are the oldest versions that it supports.
enum DjangoScript {
  /// The whole program.
  static let text = program(main)

  /// The functions, for a process that has the project loaded already; see `DjangoHandover`.
  static let functions = program(handingOver)

  private static func program(_ end: String) -> String {
    [
      answering, waysIn, hooks, inputs, describing, serving, comparing, storage, command, finders,
      end,
    ].joined(separator: "\n\n\n")
      + "\n"
  }

  private static let main = #"""
    wanted = json.loads(sys.argv[1])
    try:
        sys.path.insert(0, os.getcwd())
        sys.argv = ["manage.py", COMMAND, "collectstatic"]
        if wanted["settings"]:
            os.environ["DJANGO_SETTINGS_MODULE"] = wanted["settings"]
            sys.argv.append("--settings=" + wanted["settings"])
        close_ways_in()
        note_inputs()
        add_hooks()
        if os.path.exists("manage.py"):
            runpy.run_path("manage.py", run_name="__main__")
        execute()
    except BaseException as error:
        fail(error)
    """#
}
