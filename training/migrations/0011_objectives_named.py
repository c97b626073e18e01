"""What a question is about is called its objective in the editor; the tables stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0010_figures_that_wait'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blueprint',
            name='objective',
            field=models.CharField(blank=True, choices=[('elements', 'Elements, child rule, not smuggling'), ('consent', 'Consent and vulnerability'), ('indicators', 'Indicators'), ('offers', 'Offers'), ('contact', 'Safe contact, hearing, wording'), ('evidence', 'Evidence'), ('pathway', 'Pathway'), ('papers-and-money', 'Papers and money'), ('non-punishment', 'Non-punishment'), ('conduct', 'Conduct'), ('help-abroad', 'Help abroad')], help_text='Empty: whatever is left in the bank.', max_length=20, verbose_name='objective'),
        ),
        migrations.AlterField(
            model_name='question',
            name='objective',
            field=models.CharField(blank=True, choices=[('elements', 'Elements, child rule, not smuggling'), ('consent', 'Consent and vulnerability'), ('indicators', 'Indicators'), ('offers', 'Offers'), ('contact', 'Safe contact, hearing, wording'), ('evidence', 'Evidence'), ('pathway', 'Pathway'), ('papers-and-money', 'Papers and money'), ('non-punishment', 'Non-punishment'), ('conduct', 'Conduct'), ('help-abroad', 'Help abroad')], help_text='What the question is about. The plan of the course draws so many of each.', max_length=20, verbose_name='objective'),
        ),
    ]
