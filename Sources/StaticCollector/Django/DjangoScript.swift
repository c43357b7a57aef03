/// The program that a project's own Python runs to report what collectstatic would use.
///
/// It runs `manage.py` with a command that does not exist, after replacing every function with
/// which `manage.py` can start a command or do its work. So the project's own set-up (paths,
/// environment files, the settings module) runs, and none of its commands does. Where files are
/// going to be collected, the word `collectstatic` is among the arguments for settings that look for
/// it; a project may delete files on that word, so no other question has it. The answer is written to
/// descriptor 3 as JSON, separate from what the project prints. The oldest supported versions are
/// Python 3.6 and Django 3.2.
enum DjangoScript {
  /// The whole program.
  static let text = program(main)

  /// The functions, for a process that has loaded the project already; see `DjangoHandover`.
  static let functions = program(handingOver)

  private static func program(_ end: String) -> String {
    [
      answering, waysIn, hooks, inputs, describing, serving, security, comparing, storage, command,
      finders, end,
    ].joined(separator: "\n\n\n")
      + "\n"
  }

  private static let main = #"""
    wanted = json.loads(sys.argv[1])
    note_answer(sys.argv[2])
    try:
        sys.path.insert(0, os.getcwd())
        set_arguments()
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
