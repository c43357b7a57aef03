import Testing

@testable import StaticCollector

/// Which `manage.py` belongs to a Django project.
@Suite struct ManageScriptTests {
  static let rows: [(text: String, isDjangos: Bool)] = [
    ("", false),
    ("# django\n", false),
    ("import sys  # no django here\n", false),
    ("import os, sys\nprint('manage')\n", false),
    ("import flask\n", false),
    ("from flask_script import Manager  # not django\n", false),
    ("import click\nfrom mysite import app\n", false),
    ("from django.core.management import execute_from_command_line\n", true),
    ("    from django.core import management\n", true),
    ("import os, django\n", true),
    ("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x')\n", true),
    ("from mysite.cli import main\nmain()\n", true),
    ("from configurations.management import execute_from_command_line\n", true),
    ("import flask\nimport django.core.management\n", true),
    ("import sys\r\nfrom mysite.cli import main\r\n", true),
  ]

  @Test(arguments: rows.indices)
  func recognition(index: Int) {
    let row = Self.rows[index]
    #expect(ManageScript(Array(row.text.utf8)).isDjangos == row.isDjangos, "\(row.text)")
  }
}
