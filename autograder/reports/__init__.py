"""Marks to people: pages for students and staff, each one file, complete in itself.

`html` is what all pages share. Students get `student_report`, `student_overview` and
(through the LMS) `feedback_zip`; staff get `class_report`, of which `class_view` says
what is in it, and `similarity_page`. `plots`, `class_plots` and `picture_plots` draw.
"""
