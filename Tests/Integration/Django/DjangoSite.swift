import Foundation
import TestSupport

/// A Django project of a test: `manage.py`, settings, and files that the test adds.
struct DjangoSite {
  let directory = TemporaryDirectory()
  /// The Python with Django, prepared by `scripts/test`.
  let python: String

  /// A project whose settings end with `settings`.
  init(settings: String = "") throws {
    python = try Command.fixture("django/bin/python")
    directory.write(
      """
      import os, sys
      if __name__ == "__main__":
          os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
          from django.core.management import execute_from_command_line
          execute_from_command_line(sys.argv)
      """,
      to: "manage.py"
    )
    directory.write(
      """
      import pathlib
      BASE = pathlib.Path(__file__).resolve().parent
      SECRET_KEY = "only for tests"
      INSTALLED_APPS = ["django.contrib.staticfiles"]
      STATIC_URL = "static/"
      STATIC_ROOT = BASE / "root"
      STATICFILES_DIRS = [BASE / "assets"]
      STORAGES = {"staticfiles": {
          "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
      \(settings)
      """,
      to: "site_settings.py"
    )
    directory.write("a {}\n", to: "assets/a.css")
  }

  /// A line of settings that names another storage.
  static func storage(_ name: String) -> String {
    "STORAGES = {\"staticfiles\": {\"BACKEND\": \"\(name)\"}}\n"
  }

  /// Runs `staticd collect` in the project.
  func collect(_ arguments: String..., environment: [String: String] = [:]) -> CommandResult {
    Command.run(
      [Command.staticd, "collect", "--python", python] + arguments,
      directory: directory.path,
      environment: environment
    )
  }

  /// Runs Django's own command.
  func collectstatic(_ arguments: String...) -> CommandResult {
    Command.run(
      [python, "manage.py", "collectstatic", "--noinput"] + arguments,
      directory: directory.path
    )
  }

  /// The names in the root.
  var names: [String] { directory.files(below: "root") }

  /// The name pairs of a root's manifest.
  func paths(_ root: String = "root") throws -> [String: String] {
    let data = Data(directory.read("\(root)/staticfiles.json") ?? [])
    let manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return manifest?["paths"] as? [String: String] ?? [:]
  }
}
